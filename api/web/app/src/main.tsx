import './styles/font.css';
import './styles/kit.css';
import './styles/page.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { newQuestions } from './api/questions';
import { LanguageProvider } from './language/LanguageProvider';
import { router } from './routes';

createRoot(document.getElementById('page')!).render(
  <StrictMode>
    <LanguageProvider>
      <QueryClientProvider client={newQuestions()}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </LanguageProvider>
  </StrictMode>,
);
