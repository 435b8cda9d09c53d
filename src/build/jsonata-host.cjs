/**
 * What the synchronous JSONata calls while it works, so that every evaluation is counted and bounded without a clock.
 * The build puts this file into `.build/jsonata.cjs` as a module of the library.
 *
 * One step is about the work of one node of an expression (1 to 5 µs); loops inside the library's own functions are
 * charged in fractions of it. Nothing here depends on time or memory: a replay ends at the same step.
 */
'use strict';

const ITEM = 1 / 16; // one turn of a short loop
const CHARACTER = 1 / 64; // walked or converted one by one
const COPIED = 1 / 1024; // moved as a block

/** What holds between evaluations: parsing alone, nothing to bound but nesting. */
const idle = {
  steps: Infinity,
  longest: Infinity,
  most: 2 ** 31,
  nesting: 256,
  now: () => 0,
  random: () => 0,
  RegexEngine: RegExp,
};
let run = idle;

/** Runs `work` with these bounds; `next.steps` is counted down. */
function during(next, work) {
  const before = run;
  run = next;
  try {
    return work();
  } finally {
    run = before;
  }
}

function limit(message) {
  return Object.assign(new Error(message), { code: 'LIMIT' });
}

function charge(steps) {
  run.steps -= steps;
  if (run.steps < 0) throw limit('The expression takes too many steps');
}

function size(length) {
  if (length > run.longest) throw limit(`A text of ${length} characters is over the limit of ${run.longest}`);
  if (length > 64) charge(length * CHARACTER);
}

function text(value) {
  if (typeof value === 'string') size(value.length);
}

function bounded(value, longest, what) {
  if (value.length > longest) throw limit(`The ${what} is longer than ${longest} characters`);
}

/** Before a native function runs. A search for a long text may compare every character with every other. */
function called(args) {
  charge(1);
  for (const arg of args) text(arg);
  const [where, what] = args;
  if (typeof where === 'string' && typeof what === 'string' && what.length > 250) {
    charge((where.length * what.length) / 4096);
  }
}

/** After a native function ran; a list it was given may be longer than one it makes. */
function returned(result, args) {
  text(result);
  if (Array.isArray(result) && result.length > run.most && !args.includes(result)) {
    throw limit(`A list of ${result.length} entries is over the limit of ${run.most}`);
  }
  return result;
}

function concatenated(result) {
  if (result.length > run.longest) size(result.length);
  charge(result.length * COPIED);
}

function compared(left, right) {
  if (typeof left === 'string' && typeof right === 'string') charge(Math.min(left.length, right.length) / 4096);
}

/** The value as an error message shows it: never long, never walked. */
function show(value) {
  if (typeof value === 'string') return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return 'an array';
  return value[LAMBDA] === true || value[NATIVE] === true ? 'a function' : 'an object';
}

/** Marks the library's own functions; symbols, so that no data can pass for a function. */
const LAMBDA = Symbol('lambda');
const NATIVE = Symbol('native');

/** All objects inside a fresh copy: what the transform operator may change. */
function ownObjects(root) {
  const own = new Set();
  const open = [root];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next)) own.add(next);
    for (const key of Object.keys(next)) {
      charge(ITEM);
      open.push(next[key]);
    }
  }
  return own;
}

/** Sets an own property whatever its name: `__proto__` is a name like any other. */
function put(object, key, value) {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Copies a part of a syntax tree; nested `?:` and `??` copy copies, so all copies of one expression are counted. */
function copyTree(node, budget) {
  if (typeof node !== 'object' || node === null || node instanceof RegExp) return node;
  if (--budget.nodes < 0) throw limit('The expression nests too many ?: or ??');
  if (Array.isArray(node)) return node.map((entry) => copyTree(entry, budget));
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, copyTree(value, budget)]));
}

/** Adds to a list that is nobody else's. */
function extend(list, item) {
  for (const entry of Array.isArray(item) ? item : [item]) {
    charge(ITEM);
    if (list.length >= run.most) throw limit(`A list is over the limit of ${run.most} entries`);
    list.push(entry);
  }
}

/** Merges two sorted lists; `swap(a, b)` says that b comes first. */
function mergeSorted(left, right, swap) {
  const merged = [];
  let l = 0;
  let r = 0;
  while (l < left.length && r < right.length) {
    charge(ITEM);
    merged.push(swap(left[l], right[r]) ? right[r++] : left[l++]);
  }
  while (l < left.length) merged.push(left[l++]);
  while (r < right.length) merged.push(right[r++]);
  return merged;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** As `Buffer.from(text, 'binary').toString('base64')`; a workflow has no Buffer. */
function toBase64(text) {
  let encoded = '';
  for (let i = 0; i < text.length; i += 3) {
    const [a, b, c] = [text.charCodeAt(i) & 255, text.charCodeAt(i + 1) & 255, text.charCodeAt(i + 2) & 255];
    const left = text.length - i;
    encoded += BASE64[a >> 2] + BASE64[((a & 3) << 4) | (b >> 4)];
    encoded += left > 1 ? BASE64[((b & 15) << 2) | (c >> 6)] : '=';
    encoded += left > 2 ? BASE64[c & 63] : '=';
  }
  return encoded;
}

/** As `Buffer.from(text, 'base64').toString('binary')`: url-safe letters are taken too, others are passed over. */
function fromBase64(text) {
  let decoded = '';
  let bits = 0;
  let held = 0;
  for (const character of text) {
    if (character === '=') break;
    const value = BASE64.indexOf(character === '-' ? '+' : character === '_' ? '/' : character);
    if (value < 0) continue;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    decoded += String.fromCharCode((held >> bits) & 255);
  }
  return decoded;
}

module.exports = {
  ITEM,
  COPIED,
  LAMBDA,
  NATIVE,
  during,
  limit,
  charge,
  size,
  text,
  bounded,
  called,
  returned,
  concatenated,
  compared,
  show,
  ownObjects,
  put,
  copyTree,
  extend,
  mergeSorted,
  toBase64,
  fromBase64,
  most: () => run.most,
  nesting: () => run.nesting,
  now: () => run.now(),
  random: () => run.random(),
  regex: (pattern) => new run.RegexEngine(pattern, true),
};
