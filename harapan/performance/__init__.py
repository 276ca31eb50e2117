"""What looks invented, explained and answered; nothing here changes anything by itself."""
