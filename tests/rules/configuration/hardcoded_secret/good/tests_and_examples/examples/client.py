client.login(password="s3cr3t-passw0rd")
