import type { Rewrite } from './rewrite.ts';

/** Changes of JSONata's parser (nesting is bounded) and of its dates and pictures. */
export const PARSER: readonly Rewrite[] = [
  {
    why: 'nesting is counted, not left to the stack',
    find: `        var symbol_table = Object.create(null);
        var errors = [];`,
    put: `        var symbol_table = Object.create(null);
        var errors = [];
        var copies = { nodes: 20000 };
        var depth = 0;
        var deeper = function () {
            if (++depth > host.nesting()) throw host.limit('The expression nests too deep');
        };`,
  },
  {
    why: 'nesting, going down',
    find: `var expression = function (rbp) {
            var left;`,
    put: `var expression = function (rbp) {
            deeper();
            var left;`,
  },
  {
    why: 'nesting, coming back',
    find: `                left = t.led(left);
            }
            return left;`,
    put: `                left = t.led(left);
            }
            depth--;
            return left;`,
  },
  {
    why: 'nesting of the second pass',
    find: 'var processAST = function (expr) {',
    put: `var processAST = function (expr) {
            deeper();
            var processed = processNode(expr);
            depth--;
            return processed;
        };
        var processNode = function (expr) {`,
  },
  {
    why: 'nested ?: and ?? double the tree each time; the copy keeps regular expressions',
    find: 'JSON.parse(JSON.stringify(left))',
    put: 'host.copyTree(left, copies)',
    times: 2,
  },
  {
    why: 'widths of dates',
    find: 'return parseInt(wm);',
    put: `{
                                const width = parseInt(wm);
                                if (width > 1000) throw host.limit('A width in a picture is over 1000');
                                return width;
                            }`,
  },
  {
    why: 'pictures of integers',
    find: 'function analyseIntegerPicture(picture) {',
    put: `function analyseIntegerPicture(picture) {
        host.bounded(picture, 1000, 'picture');`,
  },
  {
    why: 'pictures of dates',
    find: 'function analyseDateTimePicture(picture) {',
    put: `function analyseDateTimePicture(picture) {
        host.bounded(picture, 1000, 'picture');`,
  },
  {
    why: 'infinite numbers in letters never end',
    find: 'value = Math.floor(value);',
    put: 'utils.isNumeric(value);\n        value = Math.floor(value);',
  },
  {
    why: 'texts of integers are walked for each separator of the picture',
    find: '// TODO validate input based on the matcher regex',
    put: `host.bounded(value, 10000, 'text');`,
  },
  {
    why: 'dates are matched in linear time',
    find: `const matcher = new RegExp(fullRegex, 'i'); // TODO can cache this against the picture`,
    put: `const matcher = host.regex(new RegExp(fullRegex, 'i'));`,
  },
  {
    why: "a time without a zone is UTC: the worker's own zone would change a replay",
    find: 'return Date.parse(timestamp);',
    put: `const zoned = /(Z|[+-]\\d\\d:?\\d\\d)$/;
            const [, time] = timestamp.split('T');
            if (time === undefined) return Date.parse(timestamp);
            return Date.parse(zoned.test(time) ? timestamp : timestamp + 'Z');`,
  },
];
