"""The same thing twice: records of several sources that mean one service, place or organisation."""
