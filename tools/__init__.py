"""What brings the portal up on one machine: embedded database, processes, set-up."""
