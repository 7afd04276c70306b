import { Button, type ButtonProps } from '@navikt/ds-react';
import { createLink } from '@tanstack/react-router';

/** LinkButton leads to another view and looks like what one does next. */
export const LinkButton = createLink((props: ButtonProps & { href?: string }) => <Button as="a" {...props} />);
