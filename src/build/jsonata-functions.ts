import type { Rewrite } from './rewrite.ts';

/** Changes of JSONata's functions and of what they share: loops are charged, sizes bounded. */
export const FUNCTIONS: readonly Rewrite[] = [
  {
    why: 'serialising',
    find: 'str = JSON.stringify(arg, function (key, val) {',
    put: `str = JSON.stringify(arg, function (key, val) {
                host.charge(1 / 8);
                host.text(val);`,
  },
  {
    why: '$pad',
    find: 'if (padLength > 0) {\n            var padding',
    put: 'if (padLength > 0) {\n            host.size(padLength * char.length);\n            var padding',
  },
  {
    why: '$join',
    find: 'return strs.join(separator);',
    put: 'host.size(strs.reduce((sum, str) => sum + str.length + separator.length, 0));\n        return strs.join(separator);',
  },
  {
    why: '$split stops one over the limit',
    find: 'result = str.split(separator, limit);',
    put: `result = str.split(separator, Math.min(typeof limit === 'undefined' ? Infinity : limit, host.most() + 1));`,
  },
  {
    why: 'a matcher of the user gives texts and numbers, nothing that would have to be converted',
    find: `if(result && !(typeof result.start === 'number' || result.end === 'number' || Array.isArray(result.groups) || isFunction(result.next))) {`,
    put: `if(result && !(typeof result.match === 'string' && typeof result.start === 'number' && typeof result.end === 'number' &&
            Array.isArray(result.groups) && result.groups.every(group => group === undefined || typeof group === 'string') && isFunction(result.next))) {`,
  },
  {
    why: '$formatNumber: infinite numbers and empty options never end, long pictures are walked many times',
    find: `        // if \`options\` is specified, then its entries override defaults
        var properties = defaults;`,
    put: `        isNumeric(value);
        host.bounded(picture, 1000, 'picture');
        for (const option of options ? Object.values(options) : []) {
            if (typeof option !== 'string' || option === '') throw { code: 'T0410', index: 3, token: 'formatNumber' };
            host.bounded(option, 32, 'option');
        }
        var properties = defaults;`,
  },
  {
    why: '$boolean of lists',
    find: 'if (Array.isArray(arg)) {\n            if (arg.length === 1) {',
    put: 'if (Array.isArray(arg)) {\n            host.charge(arg.length * host.ITEM);\n            if (arg.length === 1) {',
  },
  {
    why: '$zip',
    find: 'var tuple = args.map((arg) => {',
    put: 'host.charge(args.length * host.ITEM);\n            var tuple = args.map((arg) => {',
  },
  {
    why: '$keys of lists',
    find: '// merge the keys of all of the items in the array',
    put: 'host.charge(arg.length * host.ITEM);',
  },
  {
    why: 'fields of lists',
    find: 'result = this.createSequence();\n            for(var ii = 0; ii < input.length; ii++) {',
    put: 'host.charge(input.length * host.ITEM);\n            result = this.createSequence();\n            for(var ii = 0; ii < input.length; ii++) {',
  },
  {
    why: '$append and all that uses it',
    find: 'return arg1.concat(arg2);',
    put: 'host.charge(size / 64);\n        return arg1.concat(arg2);',
  },
  {
    why: '$spread of lists',
    find: '// spread all of the items in the array',
    put: 'host.charge(arg.length * host.ITEM);',
  },
  {
    why: '$spread shows no inside of a function',
    find: `typeof arg === 'object' && !isLambda(arg)) {`,
    put: `typeof arg === 'object' && !isFunction(arg)) {`,
  },
  {
    why: '$reverse',
    find: 'var result = new Array(length);',
    put: 'host.charge(length * host.ITEM);\n        var result = new Array(length);',
  },
  {
    why: '$shuffle',
    find: 'var result = new Array(arr.length);',
    put: 'host.charge(arr.length * host.ITEM);\n        var result = new Array(arr.length);',
  },
  { why: "the host's dice", find: 'Math.random()', put: 'host.random()', times: 2 },
  {
    why: '$sort of plain values',
    find: 'return a > b;',
    put: 'host.compared(a, b);\n                return a > b;',
  },
  {
    why: 'merging in a loop: the recursion copies the rest of the list for each entry and overflows the stack',
    find: /var merge = async function \(l, r\) \{[\s\S]*?return merged;\n {8}\};/g,
    put: `var swap = typeof comp === 'function' ? comp : (a, b) => comp.apply(this, [a, b]);
        var merge = (l, r) => host.mergeSorted(l, r, swap);`,
  },
  {
    why: '$distinct compares plain values by a set',
    find: 'var results = isSequence(arr) ? this.createSequence() : [];',
    put: 'var results = isSequence(arr) ? this.createSequence() : [];\n        var plain = new Set();\n        var others = [];',
  },
  {
    why: '$distinct, the loop',
    find: /var includes = false;[\s\S]*?if\(!includes\) \{\n {16}results\.push\(value\);/g,
    put: `host.charge(host.ITEM);
            host.text(value);
            var isPlain = typeof value !== 'object' || value === null;
            if(isPlain ? !plain.has(value) : !others.some(other => deepEquals(value, other))) {
                if (isPlain) plain.add(value); else others.push(value);
                results.push(value);`,
  },
  {
    why: 'no Buffer in a workflow',
    find: `return new global.Buffer.from(str, 'binary').toString('base64'); // eslint-disable-line new-cap`,
    put: 'return host.toBase64(str);',
  },
  {
    why: 'nor for decoding',
    find: `return new global.Buffer.from(str, 'base64').toString('binary'); // eslint-disable-line new-cap`,
    put: 'return host.fromBase64(str);',
  },
  {
    why: 'argument checks walk lists',
    find: 'var differentItems',
    put: 'host.charge(arg.length * host.ITEM);\n                                                        var differentItems',
  },
  {
    why: 'walks of lists of texts and of numbers',
    find: /if\(Array\.isArray\(arg\)\) \{\n +result = /g,
    put: 'if(Array.isArray(arg)) {\n            host.charge(arg.length * host.ITEM);\n            result = ',
    times: 2,
  },
  {
    why: 'deep equality',
    find: 'function isDeepEqual(lhs, rhs) {',
    put: 'function isDeepEqual(lhs, rhs) {\n        host.charge(host.ITEM);\n        host.compared(lhs, rhs);',
  },
  {
    why: 'deep equality of objects sorts their keys',
    find: 'var lkeys = Object.getOwnPropertyNames(lhs);',
    put: 'var lkeys = Object.getOwnPropertyNames(lhs);\n            host.charge(1 / 2 + lkeys.length / 4);',
  },
  {
    why: 'keys of objects',
    find: `return typeof arg === 'object' && arg !== null ? Object.keys(arg) : [];`,
    put: `const found = typeof arg === 'object' && arg !== null ? Object.keys(arg) : [];
        host.charge(found.length / 8);
        return found;`,
  },
];
