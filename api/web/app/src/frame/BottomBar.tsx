import { Link } from '@tanstack/react-router';
import { useWords } from '#/language/LanguageProvider';
import type { Page } from './pages';
import texts from './messages';

/** BottomBar is the menu of a phone: four places at the thumb, the others on a page of the last. */
export function BottomBar({ pages }: { pages: Page[] }) {
  const { text } = useWords();
  const shown = pages.slice(0, 4);
  const rest = pages.slice(4);
  return (
    <nav className="bottom" aria-label={text(texts.menu)}>
      {shown.slice(0, rest.length > 0 ? 3 : 4).map((p) => (
        <Link key={p.to} to={p.to} activeProps={{ 'aria-current': 'page' }} activeOptions={{ exact: p.to === '/', includeSearch: false }}>
          {text(p.text)}
        </Link>
      ))}
      {rest.length > 0 && (
        <details className="more">
          <summary>{text(texts.more)}</summary>
          <ul>
            {[...shown.slice(3), ...rest].map((p) => (
              <li key={p.to}>
                <Link to={p.to} activeProps={{ 'aria-current': 'page' }} activeOptions={{ includeSearch: false }}>
                  {text(p.text)}
                </Link>
              </li>
            ))}
          </ul>
        </details>
      )}
    </nav>
  );
}
