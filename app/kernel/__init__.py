"""Machinery that another region or another register would need unchanged; knows no request."""
