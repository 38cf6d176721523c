// Looks again after a while, as long as the work goes on.
setTimeout(() => location.reload(), 2000)
