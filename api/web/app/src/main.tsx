import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { newQuestions } from './api/questions';
import { begin } from './begin';
import { LanguageProvider } from './language/LanguageProvider';
import { router } from './routes';

const questions = newQuestions();

// The view's script is on its way since the document came: the page takes the place of its first words at once whole.
void router
  .load()
  .then(() => begin(questions))
  .then(() =>
    createRoot(document.getElementById('page')!).render(
      <StrictMode>
        <LanguageProvider>
          <QueryClientProvider client={questions}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </LanguageProvider>
      </StrictMode>,
    ),
  );
