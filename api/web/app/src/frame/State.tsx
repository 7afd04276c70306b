import { Alert, BodyShort, Button, Heading, Skeleton } from '@navikt/ds-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode } from 'react';
import { ApiProblem, Offline } from '#/api/client';
import { useWords } from '#/language/LanguageProvider';
import { useSignIn } from './signIn';
import texts from './messages';

/**
 * Answered shows what an answer holds, or why there is none: a skeleton of the final height
 * while it loads, the last answer with its time when the network is away.
 */
export function Answered<T>({ of, height, children }: { of: UseQueryResult<T>; height: number | string; children: (data: T) => ReactNode }) {
  const { text, moment } = useWords();
  if (of.data !== undefined) {
    return (
      <>
        {of.isError && of.error instanceof Offline && (
          <Alert variant="warning" size="small" className="notice">
            {text(texts.offlineData, { time: moment(new Date(of.dataUpdatedAt)) })}
          </Alert>
        )}
        {children(of.data)}
      </>
    );
  }
  if (of.isPending) return <Loading height={height} />;
  return <Trouble error={of.error} again={() => void of.refetch()} />;
}

export function Loading({ height }: { height: number | string }) {
  const { text } = useWords();
  return (
    <div aria-busy="true" style={{ minHeight: height }}>
      <p className="visually-hidden" role="status">
        {text(texts.loading)}
      </p>
      <Skeleton variant="rounded" height={height} aria-hidden />
    </div>
  );
}

/** barred tells whether an answer is not for whoever asks: then there is nothing to choose from either. */
export const barred = (error: unknown): boolean => error instanceof ApiProblem && (error.status === 401 || error.status === 403);

/** Trouble says in words why there is nothing to show, and what to do. */
export function Trouble({ error, again }: { error: unknown; again?: () => void }) {
  const { text, pick } = useWords();
  const signIn = useSignIn();
  if (error instanceof ApiProblem && barred(error)) {
    return (
      <Alert variant="info">
        {text(error.status === 401 ? texts.signInFirst : texts.notYours)}{' '}
        <a className="aksel-link" href={signIn}>{text(error.status === 401 ? texts.signIn : texts.signInOther)}</a>
      </Alert>
    );
  }
  const problem = error instanceof ApiProblem ? error.problem : undefined;
  const findings = problem?.errors ?? [];
  return (
    <Alert variant="error">
      <Heading size="xsmall" level="2" spacing>
        {error instanceof Offline ? text(texts.offline) : text(texts.failed)}
      </Heading>
      {findings.map((f) => (
        <BodyShort key={f.code + (f.pointer ?? '')}>{pick(f.message_vi, f.message)}</BodyShort>
      ))}
      {findings[0] && <BodyShort size="small">{text(texts.code, { code: findings[0].code })}</BodyShort>}
      {again && (
        <Button variant="secondary" size="small" onClick={again} className="again">
          {text(texts.again)}
        </Button>
      )}
    </Alert>
  );
}
