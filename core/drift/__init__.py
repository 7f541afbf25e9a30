"""What two samples of a column are compared by: profiles of one, and two-sample tests of both."""
