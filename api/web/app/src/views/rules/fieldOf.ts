import type { Schemas } from '#/api/client';

type Field = Schemas['ReportField'];

/** fieldOf finds the field of the dictionary that a place of a report is of. */
export function fieldOf(fields: Field[], pointer: string): Field | undefined {
  const general = pointer.replace(/\/(\d+|-)(?=\/|$)/g, '/*');
  return fields.find((f) => f.pointer === general) ?? fields.find((f) => `${f.pointer}/*` === general);
}
