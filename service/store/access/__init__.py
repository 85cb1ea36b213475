"""What is stored about callers: keys, who made a change, what a bound key may see, answers to retries."""
