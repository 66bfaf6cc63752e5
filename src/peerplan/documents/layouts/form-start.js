// Begins the form where it stands alone: it ends with files to download.
"use strict";

startForm(JSON.parse(document.getElementById("form-data").textContent), downloads);
