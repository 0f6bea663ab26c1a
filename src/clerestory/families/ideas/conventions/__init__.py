"""What every request and answer of the api3 has in common: parameters, lists, spelling of values, XML."""
