ADMIN_PASSWORD = "c0rrect-h0rse"  # expect: AG0801 medium
OTHER_PASSWORD = "guessable"
