import { useQuery } from '@tanstack/react-query';
import { answer, api } from './client';

/** A code list, as valid today. It changes with a release only. */
export function useCodeList(name: string) {
  return useQuery({
    queryKey: ['codelist', name],
    queryFn: ({ signal }) => answer(api.GET('/v1/codelists/{name}', { params: { path: { name } }, signal })),
    staleTime: Infinity,
  });
}
