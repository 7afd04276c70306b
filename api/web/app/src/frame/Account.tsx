import { useQuery } from '@tanstack/react-query';
import type { Myself } from '#/api/may';
import { policyQuestion } from '#/api/policy';
import { SignOut } from '#/drafts/SignOut';
import { useWords } from '#/language/LanguageProvider';
import { useSignIn } from './signIn';
import texts from './messages';

/** Account says as whom one is here, and lets one in or out. */
export function Account({ me }: { me: Myself | undefined }) {
  const { text, name } = useWords();
  const signIn = useSignIn();
  const signedIn = me !== undefined && me.role !== 'public';
  const policy = useQuery({ ...policyQuestion, enabled: signedIn });
  if (!signedIn) {
    return <a className="sign-in" href={signIn}>{text(texts.signIn)}</a>;
  }
  const role = policy.data?.roles?.find((r) => r.role === me.role);
  return (
    <span className="account">
      <span>{role ? name(role) : me.role}</span>
      <SignOut owner={me.id} />
    </span>
  );
}
