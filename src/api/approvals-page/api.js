/** The API's calls that the page makes; the key lives in this tab's session storage alone. */

const KEY = 'weft-key';

/** The API refused, or did not answer (`status` 0). */
export class Refused extends Error {
  /** @param {number} status @param {{ title?: string, detail?: string, errors?: object[] }} problem */
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `It answered ${status}.`);
    this.status = status;
    this.problem = problem;
  }
}

/** Takes the key out of `#key=…`, so that it neither stays in the address nor in the history. */
export function takeKeyFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const key = given.get('key');
  if (key === null) return;
  keep(key);
  given.delete('key');
  history.replaceState(null, '', location.pathname + location.search + (given.size > 0 ? `#${given}` : ''));
}

export const keep = (key) => sessionStorage.setItem(KEY, key);
export const forget = () => sessionStorage.removeItem(KEY);
export const hasKey = () => sessionStorage.getItem(KEY) !== null;

export const listApprovals = (query) => call('GET', `/approvals?${new URLSearchParams(query)}`);
export const getApproval = (id) => call('GET', `/approvals/${encodeURIComponent(id)}`);
export const getMe = () => call('GET', '/me');
export const claim = (id) => call('POST', `/approvals/${encodeURIComponent(id)}/claim`, {});
export const release = (id) => call('POST', `/approvals/${encodeURIComponent(id)}/release`, {});

/** `attempt` names one press of the button: the same decision sent twice counts once. */
export function decide(id, decision, attempt) {
  return call('POST', `/approvals/${encodeURIComponent(id)}/decision`, decision, { 'Idempotency-Key': attempt });
}

async function call(method, path, body, headers = {}) {
  const init = {
    method,
    headers: { Authorization: `Bearer ${sessionStorage.getItem(KEY)}`, 'Weft-Channel': 'console', ...headers },
  };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers['Content-Type'] = 'application/json';
  }
  let response;
  try {
    // Relative to the page, so that a proxy may put Weft under a path of its own.
    response = await fetch(`api/v1${path}`, init);
  } catch {
    throw new Refused(0, { detail: 'Weft does not answer; try again.' });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}
