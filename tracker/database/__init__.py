"""The database underneath: where it is (url), and a server of our own for machines that have none (embedded)."""
