/* SPDX-License-Identifier: MIT
 * A shared object, and no plug-in. */
int nothing_of_ours(void);

int nothing_of_ours(void)
{
    return 1;
}
