import createClient from 'openapi-fetch';
import { fetchOnce } from './first';
import type { components, paths } from './schema.gen';

/** Types of the API's answers by the names of its OpenAPI document. */
export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];
export type Finding = NonNullable<Problem['errors']>[number];

/** The typed client: every address, parameter and answer is the OpenAPI document's. */
export const api = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin', fetch: fetchOnce });

/** A refusal of the API: what it said, in both languages. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem | undefined,
    readonly retryAfter?: number,
  ) {
    super(problem?.title ?? `HTTP ${status}`);
  }
}

/** No answer came: the network or the platform is away. */
export class Offline extends Error {}

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * answer waits for an answer of the client and returns what it holds. Where an address also has sheets
 * and CSV, which are text, the page asks for JSON.
 * Throws {@link ApiProblem} when the API refuses and {@link Offline} when nothing answers.
 */
export async function answer<T>(asked: Promise<Answered<T>>): Promise<Exclude<T, string>> {
  let got: Answered<T>;
  try {
    got = await asked;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new Offline('no answer', { cause });
  }
  if (got.error !== undefined || !got.response.ok) {
    const wait = Number(got.response.headers.get('Retry-After'));
    throw new ApiProblem(got.response.status, isProblem(got.error) ? got.error : undefined, Number.isFinite(wait) && wait > 0 ? wait : undefined);
  }
  return got.data as Exclude<T, string>;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'title' in body && 'status' in body;
}
