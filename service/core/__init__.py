"""What every layer of the service uses: errors, settings, paging, workers."""
