"""What one page says: a module shapes the rows of its page into lines and words, its template sets them out."""
