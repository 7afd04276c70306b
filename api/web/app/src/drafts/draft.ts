import type { Finding, Schemas } from '#/api/client';

export type Acceptance = Schemas['Acceptance'];

/**
 * A report on its way: typed on this device, then waiting for the network, then filed. Its id and
 * its idempotency key are made with it, so that however often it is sent, it is filed once.
 */
export interface Draft {
  /** The draft's own name on this device. */
  id: string;
  /** The report's id: chosen here for an event, computed by the platform for a periodic report. */
  reportId?: string;
  /** The Idempotency-Key of the request that files it. */
  key: string;
  kind: string;
  revision: number;
  /** Why it is amended or withdrawn. */
  reason?: string;
  withdrawn?: boolean;
  /** What was typed so far; of the kind's shape, but possibly not all of it. */
  content: unknown;
  /** What a view needs to open it again as it was left, and nobody else reads. */
  view?: unknown;
  /** The address that opens it. */
  address: string;
  /** Who typed it, as /v1/access/me names him: nobody else is shown it. */
  owner: string;
  /** draft: being typed. waiting: submitted, not yet answered: NOT filed. filed: there is a receipt.
   *  returned: refused, findings say why. */
  state: 'draft' | 'waiting' | 'filed' | 'returned';
  /** The very bytes that are sent until a clear answer comes, frozen when it was submitted. */
  body?: string;
  /** Why it still waits, once it was tried; none while it is being sent for the first time. */
  hold?: Hold;
  /** How often it was tried without a clear answer. */
  tries?: number;
  /** Not sent again before then, in milliseconds since 1970. */
  sendAfter?: number;
  /** How it was refused: the status and, of one that does not follow, the newest revision on file. */
  refusal?: { status: number; currentRevision?: number };
  /** Warnings that were acknowledged, by their codes. */
  acknowledged?: string[];
  receipt?: Acceptance;
  findings?: Finding[];
  /** Milliseconds since 1970. */
  createdAt: number;
  changedAt: number;
  submittedAt?: number;
}

/** network: no answer came. busy: the platform asked to come again. session: whoever typed it is not signed in. */
export type Hold = 'network' | 'busy' | 'session';

/** newDraft begins a report; an amendment with the reportId and revision it amends to. Events (what
 *  happened at a moment) get their id here, periodic reports none. */
export function newDraft(of: Pick<Draft, 'kind' | 'address' | 'owner' | 'content'> & Partial<Draft>): Draft {
  const now = Date.now();
  return { id: crypto.randomUUID(), key: crypto.randomUUID(), revision: 1, state: 'draft', createdAt: now, changedAt: now, ...of };
}

/** uuidV7 makes an id that sorts by the time it was made (RFC 9562, 5.7). */
export function uuidV7(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint32(0, Math.floor(now / 0x10000));
  new DataView(bytes.buffer).setUint16(4, now % 0x10000);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** envelopeOf is what POST /v1/reports takes. */
export function envelopeOf(d: Draft): Record<string, unknown> {
  return {
    kind: d.kind,
    ...(d.reportId ? { report_id: d.reportId } : {}),
    revision: d.revision,
    ...(d.reason ? { reason: d.reason } : {}),
    ...(d.acknowledged?.length ? { acknowledge: d.acknowledged } : {}),
    ...(d.withdrawn ? { withdrawn: true } : { content: d.content }),
  };
}
