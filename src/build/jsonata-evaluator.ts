import type { Rewrite } from './rewrite.ts';

/** Changes of JSONata's evaluator: what it does is charged. */
export const EVALUATOR: readonly Rewrite[] = [
  {
    why: 'one step for each node instead of three look-ups through all frames for hooks nobody sets',
    find: `        var entryCallback = environment.lookup(Symbol.for('jsonata.__evaluate_entry'));
        if(entryCallback) {
            await entryCallback(expr, input, environment);
        }`,
    put: '        host.charge(1);',
  },
  {
    why: 'no exit hook',
    find: `        var exitCallback = environment.lookup(Symbol.for('jsonata.__evaluate_exit'));
        if(exitCallback) {
            await exitCallback(expr, input, environment, result);
        }`,
    put: '',
  },
  {
    why: 'no frame hook',
    find: `            var framePushCallback = enclosingEnvironment.lookup(Symbol.for('jsonata.__createFrame_push'));
            if(framePushCallback) {
                framePushCallback(enclosingEnvironment, newFrame);
            }`,
    put: '',
  },
  {
    why: 'calls are nested too where none of them evaluates a node: a tail call of $map with the caller itself',
    find: `        var result;
        result = await applyInner(proc, args, input, environment);`,
    put: `        var result;
        if (++environment.base.calls > environment.base.options.stack) {
            throw { code: 'D1011', value: environment.base.options.stack };
        }
        result = applyInner(proc, args, input, environment);`,
  },
  {
    why: 'and back',
    find: `            result = await applyInner(next, evaluatedArgs, input, environment);
        }
        return result;`,
    put: `            result = applyInner(next, evaluatedArgs, input, environment);
        }
        environment.base.calls--;
        return result;`,
  },
  {
    why: 'the count of calls',
    find: 'exec_env.depth = 0;',
    put: 'exec_env.depth = 0;\n                exec_env.calls = 0;',
  },
  {
    why: 'every entry of a sequence is charged',
    find: 'if(sequence.length + items.length > options.sequence) {',
    put: `host.charge(items.length * host.ITEM);
                            if(sequence.length + items.length > options.sequence) {`,
  },
  {
    why: 'wide tuples',
    find: `                    tuple = Object.create(null);
                    Object.assign(tuple, tupleBindings[ee]);`,
    put: `                    host.charge(1 / 2);
                    tuple = Object.create(null);
                    Object.assign(tuple, tupleBindings[ee]);`,
  },
  {
    why: 'range',
    find: 'result = new Array(size);',
    put: 'host.charge(size * host.ITEM);\n        result = new Array(size);',
  },
  {
    why: 'a sort evaluates its terms once for each entry, not for each comparison',
    find: 'var comparator = async function(a, b) { ',
    put: `var keys = new Map();
        var keyOf = function(index, entry, context, env) {
            host.charge(1 / 4);
            if (!keys.has(entry)) keys.set(entry, []);
            var known = keys.get(entry);
            if (!(index in known)) known[index] = evaluate(expr.terms[index].expression, context, env);
            return known[index];
        };
        var comparator = function(a, b) {`,
  },
  {
    why: 'sort, first term',
    find: 'var aa = await evaluate(term.expression, context, env);',
    put: 'var aa = keyOf(index, a, context, env);',
  },
  {
    why: 'sort, second term',
    find: 'var bb = await evaluate(term.expression, context, env);',
    put: 'var bb = keyOf(index, b, context, env);\n                host.compared(aa, bb);',
  },
  {
    why: 'text concatenation',
    find: 'result = lstr.concat(rstr);',
    put: 'result = lstr.concat(rstr);\n        host.concatenated(result);',
  },
  {
    why: 'comparison of long texts',
    find: `switch (op) {
            case '<':`,
    put: `host.compared(lhs, rhs);
        switch (op) {
            case '<':`,
  },
  {
    why: 'inclusion',
    find: `for(var i = 0; i < rhs.length; i++) {
            if(rhs[i] === lhs) {`,
    put: `host.charge(rhs.length * (host.ITEM + (typeof lhs === 'string' ? lhs.length / 4096 : 0)));
        for(var i = 0; i < rhs.length; i++) {
            if(rhs[i] === lhs) {`,
  },
  {
    why: 'keys of groups',
    find: `if (key !== undefined) {
                    // reject any attempts`,
    put: `if (key !== undefined) {
                    host.text(key);
                    // reject any attempts`,
  },
  {
    why: 'a group grows in place instead of being copied for each entry',
    find: 'groups[key].data = fn.append.call(focus, groups[key].data, item);',
    put: `var group = groups[key];
                        if (group.own) {
                            host.extend(group.data, item);
                        } else {
                            group.data = fn.append.call(focus, group.data, item);
                            group.own = true;
                        }`,
  },
  {
    why: 'wildcard over nested lists',
    find: 'flatten(item, flattened);',
    put: 'host.charge(host.ITEM);\n                flatten(item, flattened);',
  },
  {
    why: 'descendants',
    find: '// this is the equivalent of //* in XPath',
    put: 'host.charge(host.ITEM);',
  },
  {
    why: 'native functions: charged by size, before and after',
    find: 'result = proc.implementation.apply(focus, validatedArgs);',
    put: `host.called(validatedArgs);
                result = host.returned(proc.implementation.apply(focus, validatedArgs), validatedArgs);`,
  },
  {
    why: 'each partial application of a native function parses a text',
    find: 'var bodyAST = parser(body);',
    put: 'host.charge(50);\n        var bodyAST = parser(body);',
  },
  {
    why: 'regular expressions called as functions',
    find: 'result = proc.apply(input, validatedArgs);',
    put: 'host.called(validatedArgs);\n                result = proc.apply(input, validatedArgs);',
  },
];
