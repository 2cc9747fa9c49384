"""Tests of fetching, converting and checking data sets."""
