#include "mailer.h"

#include "charset.h"
#include "err.h"

enum { COLUMN_DIGITS = 3 };

static const char letters[] = "PQRTW";	/* by enum mailer_value */

/* A document being written. */
struct page {
	uint8_t *out;
	size_t   n;
	size_t   line;		/* where the last line starts */
	bool     full;
};

/* One symbol of a form. */
struct symbol {
	enum { PLAIN, FEED, FORM, COLUMN, FIELD, VALUE, WRONG } what;
	unsigned number;	/* column, field or value */
	size_t   n;		/* characters that it takes */
};

static void
put(struct page *page, struct span s)
{
	if (s.n > MAILER_MAX - page->n) {
		page->full = true;
		return;
	}
	if (s.n != 0)
		memcpy(page->out + page->n, s.p, s.n);
	page->n += s.n;
}

static void
put_column(struct page *page, size_t column)
{
	while (page->n - page->line < column && !page->full)
		put(page, SPAN(" "));
}

static struct symbol
read_motion(struct span text)
{
	struct symbol s = { WRONG, 0, 2 };

	if (text.n < 2)
		return s;
	if (text.p[1] == 'L' || text.p[1] == 'F') {
		s.what = text.p[1] == 'L' ? FEED : FORM;
		return s;
	}
	if (text.n < 1 + COLUMN_DIGITS ||
	    !charset_all(span_sub(text, 1, COLUMN_DIGITS), CHAR_DIGIT))
		return s;
	for (unsigned i = 1; i <= COLUMN_DIGITS; i++)
		s.number = 10 * s.number + (text.p[i] - '0');
	s.n = 1 + COLUMN_DIGITS;
	s.what = COLUMN;
	return s;
}

static struct symbol
read_insert(struct span text)
{
	struct symbol s = { WRONG, 0, 2 };
	const char *letter;
	uint8_t c;

	if (text.n < 2)
		return s;
	c = text.p[1];
	if (charset_has(c, CHAR_HEX)) {
		s.what = FIELD;
		s.number = (unsigned)(c <= '9' ? c - '0' : c - 'A' + 10);
	} else if (c != '\0' && (letter = strchr(letters, c)) != NULL) {
		s.what = VALUE;
		s.number = (unsigned)(letter - letters);
	}
	return s;
}

static struct symbol
read_symbol(struct span text)
{
	if (text.p[0] == '>')
		return read_motion(text);
	if (text.p[0] == '^')
		return read_insert(text);
	return (struct symbol){ charset_has(text.p[0], CHAR_PRINT) ? PLAIN : WRONG, 0, 1 };
}

int
mailer_check(struct span form)
{
	for (size_t at = 0; at < form.n;) {
		struct symbol s = read_symbol(span_sub(form, at, form.n - at));

		if (s.what == WRONG)
			return ERR_INPUT;
		at += s.n;
	}
	return 0;
}

int
mailer_fields(struct span text, struct mailer *m)
{
	unsigned k = 0;
	size_t start = 0;

	for (size_t i = 0; i <= text.n; i++) {
		if (i < text.n && text.p[i] != ';')
			continue;
		if (i == text.n && start == i)
			break;
		if (k == MAILER_FIELDS)
			return ERR_INPUT;
		m->field[k++] = span_sub(text, start, i - start);
		start = i + 1;
	}
	return 0;
}

static void
print_symbol(struct page *page, const struct mailer *m, struct symbol s, struct span text)
{
	switch (s.what) {
	case FEED:
		put(page, SPAN("\n"));
		page->line = page->n;
		break;
	case FORM:
		put(page, SPAN("\f"));
		page->line = page->n;
		break;
	case COLUMN:
		put_column(page, s.number);
		break;
	case FIELD:
		put(page, m->field[s.number]);
		break;
	case VALUE:
		put(page, m->value[s.number]);
		break;
	default:
		put(page, text);
	}
}

int
mailer_write(const struct mailer *m, uint8_t *out, size_t *n)
{
	struct page page = { .out = out };

	for (size_t at = 0; at < m->form.n && !page.full;) {
		struct span rest = span_sub(m->form, at, m->form.n - at);
		struct symbol s = read_symbol(rest);

		if (s.what == WRONG)
			return ERR_INPUT;
		print_symbol(&page, m, s, span_sub(rest, 0, s.n));
		at += s.n;
	}
	if (page.n == 0 || out[page.n - 1] != '\n')
		put(&page, SPAN("\n"));
	*n = page.n;
	return page.full ? ERR_INPUT : 0;
}
