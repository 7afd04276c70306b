package store

import (
	"context"
	"errors"

	"atvsld/analytics/store/native"
)

// takeBlock gives a block whose memory may have served before: a sync.Pool would lose it
// at every other collection, which under load is several times a second.
func (s *Store) takeBlock() *native.Block {
	select {
	case b := <-s.blocks:
		return b
	default:
		return new(native.Block)
	}
}

// keepBlock takes a block back. No more are kept than inserts can run at once, and
// each is as large as its largest batch was.
func (s *Store) keepBlock(b *native.Block) {
	select {
	case s.blocks <- b:
	default:
	}
}

// send stores a block. Over HTTP its memory is the body, not compressed: a server on
// another machine is better spoken to in the native protocol, which compresses.
func (s *Store) send(ctx context.Context, query string, b *native.Block) error {
	if s.http {
		return s.write.InsertFormat(ctx, "Native", query, b.Reader())
	}
	return s.sendColumns(ctx, query, b)
}

func (s *Store) sendColumns(ctx context.Context, query string, b *native.Block) error {
	batch, err := s.write.PrepareBatch(ctx, query)
	if err != nil {
		return err
	}
	if err := b.CopyTo(batch.Columns()); err != nil {
		return errors.Join(err, batch.Abort())
	}
	// Once per batch: a second Send of the driver inserts again.
	return batch.Send()
}
