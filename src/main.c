/*
 * main: the choice of subcommand.
 */
#include "cli.h"
#include "home.h"

int
main(int argc, char **argv)
{
	home_set();
	return cli_main(argc, argv);
}
