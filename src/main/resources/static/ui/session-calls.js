/** The calls on one session, for curl. An optimizer id needs no escapes, neither in a URL nor in a shell. */

/** Of a larger tensor, an example steps one element. */
const FEW = 5;

/**
 * @param {object} description of the session
 * @param {URL} sessions where they are
 * @returns {[string, string][]} titles and commands
 */
export function callsOf(description, sessions) {
  const url = new URL(description.id, sessions);
  return [
    ['Describe', `curl ${url}`],
    ['Step', `curl ${url}/step \\
  -H 'Content-Type: application/json' \\
  -d ${description.tensors ? '@step.json' : `'${exampleStep(description)}'`}`],
    ['Read the state', `curl ${url}/state`],
    ['Delete', `curl -X DELETE ${url}`],
  ];
}

function exampleStep({ size, holds_parameter }) {
  const indices = size > FEW ? [0] : undefined;
  const values = Array(indices ? 1 : size).fill(0.1);
  return JSON.stringify({ indices, grad: values, parameter: holds_parameter ? undefined : values });
}
