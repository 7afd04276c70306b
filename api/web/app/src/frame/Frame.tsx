import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useMe } from '#/api/me';
import { Sender } from '#/drafts/Sender';
import { Waiting } from '#/drafts/Waiting';
import { useWords } from '#/language/LanguageProvider';
import { Account } from './Account';
import { BottomBar } from './BottomBar';
import { Ended } from './Ended';
import { LiveMark } from './LiveMark';
import { pagesFor } from './pages';
import { NewVersion } from './NewVersion';
import texts from './messages';

/** Frame stands around every view: what the site is, where one can go, who one is. */
export function Frame() {
  const { text, language, setLanguage } = useWords();
  const me = useMe();
  const wall = useRouterState({ select: (s) => (s.location.search as { wall?: unknown }).wall === 1 });
  const path = useRouterState({ select: (s) => s.location.pathname });
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  // Whoever goes on by keyboard or hears the page is told that another view has come.
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    main.current?.focus();
    scrollTo(0, 0);
  }, [path]);
  const pages = pagesFor(me.data);
  return (
    <div className={wall ? 'page wall' : 'page'}>
      <a className="skip" href="#main">
        {text(texts.skip)}
      </a>
      {!wall && (
        <header className="top">
          <div className="bar">
            <Link to="/" className="site">
              <img src="/icon.svg" alt="" width="28" height="28" />
              <span>{text(texts.site)}</span>
            </Link>
            <nav className="wide" aria-label={text(texts.menu)}>
              {pages.map((p) => (
                <Link key={p.to} to={p.to} activeProps={{ 'aria-current': 'page' }} activeOptions={{ exact: p.to === '/', includeSearch: false }}>
                  {text(p.text)}
                </Link>
              ))}
            </nav>
            <div className="who">
              <button type="button" className="language" lang={language === 'vi' ? 'en' : 'vi'} onClick={() => setLanguage(language === 'vi' ? 'en' : 'vi')}>
                <span className="long">{text(texts.language)}</span>
                <span className="short" aria-hidden>{text(texts.languageShort)}</span>
              </button>
              <Account me={me.data} />
            </div>
          </div>
        </header>
      )}
      {me.data?.demonstration && (
        <aside className="demonstration" aria-label={text(texts.note)}>
          {text(texts.demonstration)}
        </aside>
      )}
      <NewVersion />
      <Sender />
      <Waiting />
      <main id="main" tabIndex={-1} ref={main}>
        <Ended me={me.data} />
        <LiveMark me={me.data} />
        <Outlet />
      </main>
      {!wall && (
        <footer className="foot">
          <ul>
            <li><Link to="/verify">{text(texts.verify)}</Link></li>
            <li><Link to="/rules">{text(texts.rules)}</Link></li>
            <li><Link to="/dictionary">{text(texts.dictionary)}</Link></li>
            <li><a href="/docs">{text(texts.api)}</a></li>
          </ul>
          <p className="print-only">{location.href}</p>
        </footer>
      )}
      {!wall && <BottomBar pages={pages} />}
    </div>
  );
}
