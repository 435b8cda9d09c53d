import type { Rewrite } from './rewrite.ts';

/** Changes of JSONata's evaluator: what must not reach the caller's data, the outside world or the user's eyes. */
export const REPAIRS: readonly Rewrite[] = [
  {
    why: 'an empty list of the data must not grow',
    find: 'input.push(undefined);',
    put: 'input = [undefined];',
  },
  {
    why: 'only sequences, which are never data, carry the mark',
    find: 'resultSequence.keepSingleton = true;',
    put: 'if (resultSequence.sequence) resultSequence.keepSingleton = true;',
  },
  {
    why: 'data that is called by mistake stays as it is',
    find: `if(typeof proc === 'object') {
                proc.token`,
    put: `if(isFunction(proc) && typeof proc === 'object') {
                proc.token`,
  },
  {
    why: 'and in tail calls',
    find: `            if(result.body.procedure.type === 'variable') {
                next.token = result.body.procedure.value;
            }
            next.position = result.body.procedure.position;`,
    put: `            if(isFunction(next)) {
                if(result.body.procedure.type === 'variable') {
                    next.token = result.body.procedure.value;
                }
                next.position = result.body.procedure.position;
            }`,
  },
  {
    why: 'a built-in function handed on in a tail call can be called like any other',
    find: 'evaluatedArgs.push(await evaluate(result.body.arguments[ii], result.input, result.environment));',
    put: `const arg = evaluate(result.body.arguments[ii], result.input, result.environment);
                const callable = (...params) => apply(arg, params, null, environment);
                callable.arity = isFunction(arg) ? getFunctionArity(arg) : 0;
                evaluatedArgs.push(arg && arg[host.NATIVE] ? callable : arg);`,
  },
  {
    why: 'the transform operator copies with the real $clone and changes nothing but that copy',
    find: `            var result = await apply(cloneFunction, [obj], null, environment);
            var matches`,
    put: `            var result = apply(staticFrame.lookup('clone'), [obj], null, environment);
            var own = host.ownObjects(result);
            var matches`,
  },
  {
    why: 'transform, update',
    find: 'match[prop] = update[prop];',
    put: `if (typeof match !== 'object' || own.has(match)) host.put(match, prop, update[prop]);`,
  },
  {
    why: 'transform, delete',
    find: `if(typeof match === 'object' && match !== null) {`,
    put: 'if(own.has(match)) {',
  },
  {
    why: 'a partially applied native function checks its arguments too, and is charged',
    find: 'var result = proc.apply(focus, args);',
    put: `if (proc.signature) args = proc.signature.validate(args, undefined);
        host.called(args);
        var result = host.returned(proc.apply(focus, args), args);`,
  },
  {
    why: 'where that signature comes from',
    find: 'definition.signature = parseSignature(signature);',
    put: 'definition.signature = func.signature = parseSignature(signature);',
  },
  {
    why: "the host's clock",
    find: '                timestamp = new Date();',
    put: '                timestamp = new Date(host.now());',
  },
  {
    why: 'no clock while compiling',
    find: 'var timestamp = new Date(); // will be overridden',
    put: 'var timestamp = new Date(0); // will be overridden',
  },
  {
    why: 'no message walks a value, expands what the user wrote or shows a stack',
    find: `            var message = template.replace(/\\{\\{\\{([^}]+)}}}/g, function() {
                return err[arguments[1]];
            });
            message = message.replace(/\\{\\{([^}]+)}}/g, function() {
                return JSON.stringify(err[arguments[1]]);
            });
            err.message = message;`,
    put: `            err.message = template.replace(/\\{\\{\\{(\\w+)}}}|\\{\\{(\\w+)}}/g, function(all, plain, shown) {
                return plain ? String(err[plain]).slice(0, 2000) : host.show(err[shown]);
            });`,
  },
];
