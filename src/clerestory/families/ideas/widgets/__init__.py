"""What pages and clients draw a form and a list of ideas from."""
