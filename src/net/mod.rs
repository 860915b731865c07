//! What reaches outside: HTTP and local files.
