"""How the measured servers run: one process, as the portal's web server runs each of its own."""

worker_class = "gthread"
workers = 1
threads = 2
timeout = 600  # seconds; plain Flask-AppBuilder takes its time
keepalive = 600
loglevel = "error"
control_socket_disable = True
