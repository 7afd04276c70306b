import type { QueryClient } from '@tanstack/react-query';
import { dictionaryQuestion } from './api/dictionary';
import { whoAmI } from './api/me';
import { router } from './routes';
import * as attainment from './views/attainment/questions';
import { owedQuestion } from './views/owed/questions';
import * as country from './views/public/questions';
import * as target from './views/target/questions';
import { catalogueQuestion, closingsQuestion, seriesQuestion } from './views/trends/answers';
import { ask, closedYears, lastOf } from './views/trends/question';

/** How long the first paint waits for answers, in milliseconds. On a slow network they were here before the scripts. */
const patience = 150;

/**
 * begin asks what the view of the address asks when it opens. If the answers are at hand, the view is drawn with
 * them at once, and not as a skeleton before. The program names the same questions in the document
 * (firstQuestions in api/app.go), so that they are on their way while the scripts are.
 */
export function begin(questions: QueryClient): Promise<unknown> {
  // What fails is told by the view, which asks again.
  const answers = Promise.all([questions.ensureQueryData(whoAmI), ofView(questions)]).catch(() => undefined);
  return Promise.race([answers, new Promise((resolve) => setTimeout(resolve, patience))]);
}

async function ofView(questions: QueryClient): Promise<unknown> {
  const view = router.state.matches.at(-1);
  switch (view?.routeId) {
    case '/':
      return questions.ensureQueryData(country.areaQuestion(country.asks(view.search)));
    case '/attainment':
      return questions.ensureQueryData(attainment.boardQuestion(attainment.asks(view.search, await questions.ensureQueryData(whoAmI))));
    case '/targets/$id':
      return questions.ensureQueryData(target.targetQuestion(view.params.id, target.asks(view.search, await questions.ensureQueryData(whoAmI))));
    case '/dictionary':
      return questions.ensureQueryData(dictionaryQuestion());
    case '/owed': {
      const unit = view.search.unit ?? (await questions.ensureQueryData(whoAmI)).units[0];
      return unit && questions.ensureQueryData(owedQuestion(unit));
    }
    case '/trends': {
      const [catalogue, closings] = await Promise.all([questions.ensureQueryData(catalogueQuestion), questions.ensureQueryData(closingsQuestion)]);
      const asked = ask(view.search, catalogue.indicators, lastOf(closedYears(closings.closings)));
      return asked?.form === 'series' && questions.ensureQueryData(seriesQuestion(asked));
    }
  }
  return undefined;
}
