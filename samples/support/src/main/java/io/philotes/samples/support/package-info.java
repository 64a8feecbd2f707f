// SPDX-License-Identifier: Apache-2.0

/** What the samples' tests share: a PostgreSQL, and READMEs that are carried out. No part of any sample. */
package io.philotes.samples.support;
