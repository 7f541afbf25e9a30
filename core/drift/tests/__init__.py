"""Two-sample tests: of single columns, of all columns jointly, and the distances behind them."""
