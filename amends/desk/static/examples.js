"use strict";
// Looking through all examples takes some seconds: come back until it is done.
setTimeout(() => location.reload(), 2000);
