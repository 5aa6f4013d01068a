#!/usr/bin/env node
// Packages are linked before they are built, so the linked file is this one; it has no more to say than where to go on.
import '../dist/main.js';
