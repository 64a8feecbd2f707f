// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.RelationSchema;
import io.philotes.model.TableNotice;

/**
 * A notice and the relation that it is about. Immutable.
 *
 * @param relation with the name under which it is known
 * @param notice what is said of it
 */
record TableTold(RelationSchema relation, TableNotice notice) {}
