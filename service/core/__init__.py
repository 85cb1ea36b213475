"""What every floor of the service stands on: errors, settings, paging, workers."""
