"""What `clerestory doctor` looks at: each module examines one side of an installation and changes nothing."""
