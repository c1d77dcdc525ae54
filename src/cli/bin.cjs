#!/usr/bin/env node
'use strict';
// Starts a bundle. Compiling it costs a hook more than running it, so V8's compiled code is kept beside it.
const fs = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

const loaded = new Map();

function load(name) {
  if (!loaded.has(name)) loaded.set(name, start(name));
  return loaded.get(name);
}

function start(name) {
  const file = join(__dirname, name);
  const { size, mtimeMs } = fs.statSync(file);
  const key = [name.replace('/', '-'), process.version, process.arch, process.execArgv.join(' '), size, mtimeMs].join('-').replace(/[^\w.-]/g, '_');
  const kept = join(__dirname, `${key}.cache`);
  let cachedData;
  try {
    cachedData = fs.readFileSync(kept);
  } catch {
    // Not kept yet, or not readable: the bundle is compiled as usual.
  }
  const script = new Script(wrap(fs.readFileSync(file, 'latin1')), { filename: file, cachedData });
  const bundle = { exports: {} };
  const outside = createRequire(file);
  const find = (id) => (id.startsWith('./') ? load(id.slice(2)) : outside(id));
  script.runInThisContext()(bundle.exports, find, bundle, file, __dirname);
  if (!cachedData || script.cachedDataRejected) {
    process.once('exit', () => {
      try {
        const own = `${kept}.${process.pid}`;
        fs.writeFileSync(own, script.createCachedData());
        fs.renameSync(own, kept);
      } catch {
        // A folder that cannot be written to: the next start compiles again.
      }
    });
  }
  return bundle.exports;
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`repolicy needs Node 20.19 or newer, and this is ${process.version}. Nothing was judged.`);
  process.exit(3);
}
const argv = process.argv.slice(2);
load(argv[0] === 'hook' ? 'hook.cjs' : 'repolicy.cjs').main(argv);
