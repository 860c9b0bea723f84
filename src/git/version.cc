namespace onehead::git {}
