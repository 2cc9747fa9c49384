-- Pictures, wherever they are mentioned.
SELECT forget_pictures(%(sha256s)s)
