/** The calls on one session, for curl. An optimizer id needs no escapes, neither in a URL nor in a shell. */
import { elementsOf, elementsOfEntry, shapesOf } from './shapes.js';
import { KEY_FOR_CURL } from './snippets.js';

/** An example holds no more numbers than this in an array; of a larger tensor it steps one entry. */
const FEW = 5;

/**
 * @param {object} description of the session
 * @param {URL} sessions where they are
 * @returns {[string, string][]} titles and commands
 */
export function callsOf(description, sessions) {
  const url = new URL(description.id, sessions);
  const step = exampleStep(description);
  return [
    ['Describe', `curl ${url}${KEY_FOR_CURL}`],
    ['Step', `curl ${url}/step${KEY_FOR_CURL} \\
  -H 'Content-Type: application/json' \\
  -d ${step ? `'${JSON.stringify(step)}'` : '@step.json'}`],
    ['Read the state', `curl ${url}/state${KEY_FOR_CURL}`],
    ['Delete', `curl -X DELETE ${url}${KEY_FOR_CURL}`],
  ];
}

/** @returns {object?} null where it would be too long to read */
function exampleStep(description) {
  const [[, shape]] = shapesOf(description);
  const isSmall = elementsOf(description) <= FEW;
  const length = isSmall ? elementsOf(description) : elementsOfEntry(shape);
  if (description.tensors || length > FEW) {
    return null;
  }
  const values = shape.length === 0 ? 0.1 : Array(length).fill(0.1);
  return {
    indices: isSmall ? undefined : [0],
    grad: values,
    parameter: description.holds_parameter ? undefined : values,
  };
}
