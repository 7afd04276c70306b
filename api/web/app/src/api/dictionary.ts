import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from './client';

export type Dictionary = Schemas['Dictionary'];
export type Field = NonNullable<Dictionary['fields']>[number];
export type Kind = NonNullable<Dictionary['kinds']>[number];

/** The data dictionary: every kind of report and every field, in both languages, or those of one kind.
 *  It changes with a release only. */
export const dictionaryQuestion = (kind?: string) =>
  queryOptions({
    queryKey: ['dictionary', ...(kind ? [kind] : [])],
    queryFn: ({ signal }) => answer(api.GET('/v1/dictionary', { params: { query: { kind } }, signal })),
    staleTime: Infinity,
  });

export const useDictionary = (kind?: string) => useQuery(dictionaryQuestion(kind));
