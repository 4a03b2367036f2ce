// Progressive enhancement: everything here also works without it.
"use strict";
