import type { Schemas } from './client';

export type Myself = Schemas['Myself'];

/** Whether somebody may do something at all. */
export const may = (me: Myself | undefined, action: string): boolean => (me?.may?.[action] ?? '-') !== '-';

/** Somebody who is signed in, undefined if nobody is. */
export const signedIn = (me: Myself | undefined): Myself | undefined => (me && me.role !== 'public' ? me : undefined);
